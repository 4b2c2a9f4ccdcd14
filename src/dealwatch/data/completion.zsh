#compdef dealwatch
# dealwatch: completion for zsh. dealwatch completion zsh > a file _dealwatch on your fpath
_dealwatch() {
    local line
    local -a lines values shown
    lines=("${(@f)$(_DEALWATCH_COMPLETE=1 ${words[1]} "${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
    if [[ ${lines[1]} == :files* ]]; then
        _files
        return
    fi
    for line in $lines; do
        values+=("${line%%$'\t'*}")
        shown+=("${line/$'\t'/  }")
    done
    compadd -d shown -a values
}
if [[ $funcstack[1] == _dealwatch ]]; then _dealwatch "$@"; else compdef _dealwatch dealwatch; fi
