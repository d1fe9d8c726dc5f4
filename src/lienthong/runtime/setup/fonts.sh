#!/bin/bash
# Liberation Serif has the metrics of Times New Roman, the typeface of Decree 30/2020/NĐ-CP, Annex I.
set -u
here() { python -m lienthong.standards.signatures.fonts 2>/dev/null; }
here && exit 0
if [ "$(id -u 2>/dev/null)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing the font Liberation Serif …"
  apt-get update -qq >/dev/null 2>&1
  for package in fonts-liberation2 fonts-liberation; do
    apt-get install -y -qq --no-install-recommends "$package" >/dev/null 2>&1
    here && exit 0
  done
fi
echo "The font Liberation Serif with all Vietnamese letters is missing. Install it: apt-get install fonts-liberation2"
exit 1
