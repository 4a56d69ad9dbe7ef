#!/bin/sh
# Print the path of a Chromium that is installed; exit code 1 where there is none.
for name in chromium chromium-browser google-chrome google-chrome-stable; do
    command -v "$name" && exit 0
done
exit 1
