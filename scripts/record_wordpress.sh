#!/usr/bin/env bash
# Records what a real WordPress serves while its life goes on: writes tests/feeds/wordpress/*.http, byte for byte.
#
# Needs Debian's packages wordpress, mariadb-server, apache2, libapache2-mod-php and php-mysql, and curl. It makes
# a site of its own under a temporary folder, on loopback, and stops what it started. Run it to record anew;
# tests/feeds/wordpress/README.md says what each file is. Dates are the story's, not the machine's.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
out="$here/tests/feeds/wordpress"
site="$(mktemp -d)"
port="${PORT:-8421}"
chmod 755 "$site"
mkdir -p "$out" "$site/data" "$site/run"

cleanup() {
    [ -f "$site/run/apache.pid" ] && kill "$(cat "$site/run/apache.pid")" 2>/dev/null || true
    [ -n "${database:-}" ] && kill "$database" 2>/dev/null && wait "$database" 2>/dev/null || true
    sleep 1
    rm -rf "$site"
}
trap cleanup EXIT

# --- a WordPress of its own ---------------------------------------------------------------------------------------
cp -rL /usr/share/wordpress "$site/www"
rm -f "$site/www/wp-config.php"
mkdir -p "$site/www/wp-content/themes/plain"
printf '/*\nTheme Name: Plain\n*/\n' >"$site/www/wp-content/themes/plain/style.css"
printf '<?php get_header(); the_title();\n' >"$site/www/wp-content/themes/plain/index.php"
cat >"$site/www/.htaccess" <<'HTACCESS'
RewriteEngine On
RewriteRule ^index\.php$ - [L]
RewriteCond %{REQUEST_FILENAME} !-f
RewriteCond %{REQUEST_FILENAME} !-d
RewriteRule . /index.php [L]
HTACCESS
cat >"$site/www/wp-config.php" <<PHP
<?php
define('DB_NAME', 'site'); define('DB_USER', 'root'); define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:$site/run/db.sock');
define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', '');
define('DISABLE_WP_CRON', true); define('WP_POST_REVISIONS', false); define('WP_HTTP_BLOCK_EXTERNAL', true); define('WP_DEBUG', false);
if ((\$_SERVER['HTTP_X_FORWARDED_PROTO'] ?? '') === 'https') { \$_SERVER['HTTPS'] = 'on'; }
\$table_prefix = 'wp_';
if (!defined('ABSPATH')) { define('ABSPATH', __DIR__ . '/'); }
require_once ABSPATH . 'wp-settings.php';
PHP
mariadb-install-db --no-defaults --datadir="$site/data" --auth-root-authentication-method=normal \
    --skip-test-db --user="$(id -un)" >"$site/run/install.log" 2>&1
mariadbd --no-defaults --datadir="$site/data" --socket="$site/run/db.sock" --skip-networking \
    --pid-file="$site/run/db.pid" --user="$(id -un)" >"$site/run/db.log" 2>&1 &
database=$!
for _ in $(seq 60); do [ -S "$site/run/db.sock" ] && break; sleep 0.5; done
sql() { mariadb --no-defaults --socket="$site/run/db.sock" -u root "$@"; }
sql -e 'CREATE DATABASE site CHARACTER SET utf8mb4'
chmod 777 "$site/run" "$site/run/db.sock"

modules=/usr/lib/apache2/modules
cat >"$site/apache.conf" <<CONF
ServerRoot "$site"
ServerName example.org
Listen 127.0.0.1:$port
PidFile "$site/run/apache.pid"
ErrorLog "$site/run/apache.log"
LoadModule mpm_prefork_module $modules/mod_mpm_prefork.so
LoadModule authz_core_module $modules/mod_authz_core.so
LoadModule dir_module $modules/mod_dir.so
LoadModule mime_module $modules/mod_mime.so
LoadModule rewrite_module $modules/mod_rewrite.so
LoadModule filter_module $modules/mod_filter.so
LoadModule deflate_module $modules/mod_deflate.so
LoadModule php_module $modules/libphp8.2.so
Include /etc/apache2/mods-available/deflate.conf
Include /etc/apache2/mods-available/php8.2.conf
TypesConfig /etc/mime.types
User www-data
Group www-data
DirectoryIndex index.php
DocumentRoot "$site/www"
<Directory "$site/www">
    AllowOverride All
    Require all granted
</Directory>
CONF
apache2 -f "$site/apache.conf" -k start
sleep 1

cat >"$site/life.php" <<'PHP'
<?php  // One step of the site's life: php life.php STEP [ARGUMENT]
[, $step] = $argv;
$_SERVER += ['HTTP_HOST' => 'example.org', 'REQUEST_URI' => '/', 'REQUEST_METHOD' => 'GET'];
define('WP_INSTALLING', $step === 'install');
require __DIR__ . '/www/wp-load.php';
add_filter('pre_wp_mail', '__return_true');  // nobody to write to
$now = getenv('NOW');  // when the step happens in the story
add_filter('wp_insert_post_data', fn ($data) => ['post_modified' => $now, 'post_modified_gmt' => $now] + $data);
function post(int $id, string $title, string $text, string $date, array $more = []): void {
    wp_insert_post(['import_id' => $id, 'post_title' => $title, 'post_content' => $text, 'post_date' => $date,
        'post_category' => [get_cat_ID('News')]] + $more, true);  // a draft, as the editor begins: its guid is ?p=
    change($id, ['post_status' => 'publish', 'post_date' => $date, 'post_date_gmt' => $date, 'edit_date' => true]);
}
function change(int $id, array $what): void { wp_update_post(['ID' => $id] + $what); }
function sql(string $text): void { $GLOBALS['wpdb']->query($text); }
function moved(string $from, string $to): void {
    foreach (['home', 'siteurl'] as $name) { sql("UPDATE wp_options SET option_value='$to' WHERE option_name='$name'"); }
}
const SUBJECTS = ['The river council', 'A reading circle', 'The night school', 'A shelter', 'The seed bank', 'A choir',
    'The repair café', 'A library bus'];
function sentence(int $n): string { return SUBJECTS[$n % 8] . " opens its door number $n in Harrow Vale."; }
switch ($step) {
    case 'install':
        require_once ABSPATH . 'wp-admin/includes/upgrade.php';
        $_SERVER['HTTP_HOST'] = 'example.org';
        wp_install('River & Shore', 'editor', 'editor@example.org', true, '', 'unused');
        wp_delete_post(1, true); wp_delete_post(2, true); wp_delete_post(3, true);
        moved('', 'http://example.org');
        update_option('posts_per_rss', 5); update_option('template', 'plain'); update_option('stylesheet', 'plain');
        update_option('permalink_structure', '/%postname%/'); wp_insert_term('News', 'category');
        break;
    case 'begin':
        flush_rewrite_rules();
        foreach (range(1, 7) as $n) {
            post(100 + $n, sentence($n), '<p>' . sentence($n) . " Twelve people came &amp; stayed.</p>",
                sprintf('2026-02-%02d 08:00:00', 18 + $n), ['post_name' => "door-$n"]);
        }
        break;
    case 'new': post(110, 'Harrow Vale plants “a thousand” trees', '<p>Volunteers planted a thousand trees by the river.</p>'
        . '<h2>Next</h2><p>They will meet again in May.</p>', $now, ['post_name' => 'trees', 'tags_input' => 'Trees']); break;
    case 'edited': change(110, ['post_content' => '<p>Volunteers planted 1,200 trees by the river.</p>']); break;
    case 'redated': change(104, ['post_date' => $now, 'post_date_gmt' => $now, 'edit_date' => true]); break;
    case 'slug': change(110, ['post_name' => 'twelve-hundred-trees']); break;
    case 'unpublished': change(110, ['post_status' => 'draft']); break;
    case 'republished': change(110, ['post_status' => 'publish', 'post_date' => $now, 'post_date_gmt' => $now,
        'edit_date' => true]); break;
    case 'binned': wp_trash_post(110); break;
    case 'restored': wp_untrash_post(110); change(110, ['post_status' => 'publish']); break;
    case 'protected': post(111, 'Minutes of the board', '<p>For members alone.</p>', $now, ['post_password' => 'pass',
        'post_name' => 'minutes']); break;
    case 'opened': change(111, ['post_password' => '']); break;
    case 'languages': post(112, 'Le conseil de la rivière se réunit jeudi', '<p>Le conseil de la rivière se réunit jeudi à '
        . 'l’école. Tout le monde est invité.</p>', $now, ['post_name' => 'conseil']); break;
    case 'anew': post(113, 'Harrow Vale plants “a thousand” trees', '<p>Volunteers planted 1,200 trees by the river.</p>',
        $now, ['post_name' => 'trees-again']); break;
    case 'one-link': sql("UPDATE wp_posts SET post_name='conseil' WHERE ID=113"); break;
    case 'one-guid': sql("UPDATE wp_posts SET post_name='trees-again' WHERE ID=113");
        sql("UPDATE wp_posts SET guid=(SELECT g FROM (SELECT guid g FROM wp_posts WHERE ID=112) o) WHERE ID=113"); break;
    case 'apart': sql("UPDATE wp_posts SET guid='http://example.org/?p=113' WHERE ID=113"); break;
    case 'excerpts': update_option('rss_use_excerpt', '1'); break;
    case 'whole-texts': update_option('rss_use_excerpt', '0'); break;
    case 'https': moved('', 'https://example.org'); break;
    case 'https-guids': sql("UPDATE wp_posts SET guid=REPLACE(guid, 'http://', 'https://')"); break;
    case 'host': moved('', 'https://example.net'); break;
    case 'host-guids': sql("UPDATE wp_posts SET guid=REPLACE(guid, 'example.org', 'example.net')"); break;
    case 'archive': update_option('posts_per_rss', 200);
        foreach (range(1, 200) as $n) {
            $date = gmdate('Y-m-d H:i:s', gmmktime(8, 0, 0, 3, 4, 2026) + $n * 60);
            post(1000 + $n, sentence($n) . ' Again', '<p>' . sentence($n) . '</p>', $date, ['post_name' => "archive-$n"]);
        }
        break;
    case 'relisted':  // an import tool: new numbers, the same addresses; dated today
        sql("UPDATE wp_posts SET guid=CONCAT('https://example.net/?p=', ID + 5000), "
            . "post_date=ADDTIME('2026-03-05 08:00:00', SEC_TO_TIME((ID - 1000) * 60)), post_date_gmt=post_date, "
            . "post_modified=post_date, post_modified_gmt=post_date WHERE ID > 1000"); break;
    default: exit("no such step: $step\n");
}
wp_cache_flush();
PHP

life() { NOW="$1" php "$site/life.php" "$2"; }
call() { # NAME ADDRESS [curl's arguments]: the answer as it came, on a connection of its own
    local name="$1" address="$2"
    shift 2
    curl -si --raw --connect-to "::127.0.0.1:$port" -H 'Connection: close' -H 'User-Agent: crosspost' "$@" \
        "$address" -o "$out/$name.http" || true
    # The day of the recording is no part of the story
    sed -i -e '1,/^\r$/ s/^Date: .*\r$/Date: Sun, 01 Mar 2026 12:00:00 GMT\r/' "$out/$name.http"
}
both() { call "$1" "$2" "${@:3}"; call "$1.gzip" "$2" -H 'Accept-Encoding: gzip' "${@:3}"; }
header() { sed -n "s/^$1: \(.*\)\r$/\1/p" "$out/$2.http"; }
feed=http://example.org/feed/

# --- its life -----------------------------------------------------------------------------------------------------
rm -f "$out"/*.http
life '2026-02-18 08:00:00' install
life '2026-02-25 08:00:00' begin
both begin "$feed"
etag="$(header ETag begin)" packed="$(header ETag begin.gzip)" date="$(header Last-Modified begin)"
both unchanged "$feed" -H "If-None-Match: $etag" -H "If-Modified-Since: $date"
call unchanged-as-packed.gzip "$feed" -H "If-None-Match: $packed" -H "If-Modified-Since: $date" -H 'Accept-Encoding: gzip'
call unchanged-etag-alone "$feed" -H "If-None-Match: $etag"
both page-2 "$feed?paged=2"
both page-past-the-end "$feed?paged=3"
both category http://example.org/category/news/feed/
both no-category http://example.org/category/nowhere/feed/
life '2026-03-01 08:00:00' new && both new "$feed"
call new-page-2 "$feed?paged=2"
life '2026-03-01 09:00:00' edited && both edited "$feed"
life '2026-03-01 10:00:00' redated && both redated "$feed"
life '2026-03-01 11:00:00' slug && both slug "$feed"
call old-address http://example.org/trees/
life '2026-03-01 12:00:00' unpublished && both unpublished "$feed"
life '2026-03-01 13:00:00' republished && both republished "$feed"
life '2026-03-01 14:00:00' binned && both binned "$feed"
life '2026-03-01 15:00:00' restored && both restored "$feed"
life '2026-03-01 16:00:00' protected && both protected "$feed"
life '2026-03-01 17:00:00' opened && both opened "$feed"
life '2026-03-02 08:00:00' languages && both languages "$feed"
life '2026-03-02 09:00:00' anew && both anew "$feed"
life '2026-03-02 10:00:00' one-link && call one-link "$feed"
life '2026-03-02 11:00:00' one-guid && call one-guid "$feed"
life '2026-03-02 12:00:00' apart
etag="$(header ETag anew)" date="$(header Last-Modified anew)"
life '2026-03-02 13:00:00' excerpts && call excerpts "$feed"
call excerpts-unchanged "$feed" -H "If-None-Match: $etag" -H "If-Modified-Since: $date"
life '2026-03-02 14:00:00' whole-texts
life '2026-03-03 08:00:00' https
call https-from-http "$feed"
tls=(-H 'X-Forwarded-Proto: https')  # as a proxy in front of the site says it
both https "$feed" "${tls[@]}"
life '2026-03-03 09:00:00' https-guids && call https-guids "$feed" "${tls[@]}"
life '2026-03-03 10:00:00' host && call host http://example.net/feed/ "${tls[@]}"
call host-from-old "$feed" "${tls[@]}"
life '2026-03-03 11:00:00' host-guids && call host-guids http://example.net/feed/ "${tls[@]}"
life '2026-03-04 12:00:00' archive
call archive.gzip http://example.net/feed/ "${tls[@]}" -H 'Accept-Encoding: gzip'
life '2026-03-05 12:00:00' relisted
call relisted.gzip http://example.net/feed/ "${tls[@]}" -H 'Accept-Encoding: gzip'
printf '<?php $upgrading = %s;' "$(date +%s)" >"$site/www/.maintenance"
both maintenance http://example.net/feed/ "${tls[@]}"
rm "$site/www/.maintenance"
kill "$database" && wait "$database" || true
database=
call no-database http://example.net/feed/ "${tls[@]}"
