#!/bin/bash
# Liberation Serif has the metrics of Times New Roman, the typeface of Decree 30/2020/NĐ-CP, Annex I.
set -u
here() { compgen -G "/usr/share/fonts/truetype/liberation*/LiberationSerif-Regular.ttf" >/dev/null \
  || compgen -G "$HOME/.local/share/fonts/**/LiberationSerif-Regular.ttf" >/dev/null; }
here && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing the font Liberation Serif …"
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends fonts-liberation; } >/dev/null 2>&1
  here && exit 0
fi
echo "The font Liberation Serif is missing. Install it: apt-get install fonts-liberation"
exit 1
