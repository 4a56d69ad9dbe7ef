"""Pure decisions: data and now in, intents out."""
