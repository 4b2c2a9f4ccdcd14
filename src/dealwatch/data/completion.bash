# dealwatch: completion for bash. eval "$(dealwatch completion bash)"
_dealwatch() {
    local value help current="${COMP_WORDS[COMP_CWORD]}"
    COMPREPLY=()
    while IFS=$'\t' read -r value help; do
        if [[ $value == :files ]]; then
            compopt -o default 2>/dev/null
            return
        fi
        case $current in
            [\'\"]*) COMPREPLY+=("$value") ;;
            *) COMPREPLY+=("$(printf '%q' "$value")") ;;
        esac
    done < <(_DEALWATCH_COMPLETE=1 "${COMP_WORDS[0]}" "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _dealwatch dealwatch
