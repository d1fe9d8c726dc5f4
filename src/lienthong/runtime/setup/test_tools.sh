#!/bin/bash
# The tests drive a real browser, confirm signatures with a second program, use a software token, a real proxy, try alerting
# rules, and recognise what stands on scans.
set -u
declare -A needs=([chromium-headless-shell]=chromium-headless-shell [pdfsig]=poppler-utils [softhsm2-util]=softhsm2
  [promtool]=prometheus [nginx]=nginx [tesseract]="tesseract-ocr tesseract-ocr-vie")
missing=()
for program in "${!needs[@]}"; do
  # unquoted: a program may need more than one package
  command -v "$program" >/dev/null || missing+=(${needs[$program]})
done
[ ${#missing[@]} = 0 ] && exit 0
if [ "$(id -u 2>/dev/null)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing ${missing[*]} …"
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >/dev/null 2>&1
fi
for program in "${!needs[@]}"; do
  command -v "$program" >/dev/null || { echo "The tests need: apt-get install ${missing[*]}"; exit 1; }
done
