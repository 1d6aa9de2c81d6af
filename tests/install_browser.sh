#!/bin/sh
# Find a Chromium for the browser tests, or install one: Playwright's own, else, when root on Debian, the package.
# Usage: install_browser.sh PLAYWRIGHT
set -u
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null && exit 0
done
"$1" install chromium && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq && apt-get install -y -qq chromium >/dev/null && exit 0
fi
echo "No Chromium was found and none could be installed: install one, then run 'make test' again." >&2
exit 1
