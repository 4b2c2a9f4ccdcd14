# dealwatch: completion for fish. dealwatch completion fish > ~/.config/fish/completions/dealwatch.fish
function __dealwatch_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l found (env _DEALWATCH_COMPLETE=1 $words[1] $words[2..-1] 2>/dev/null)
    if string match -q ':files*' -- "$found[1]"
        __fish_complete_path (commandline -ct)
    else
        printf '%s\n' $found
    end
end
complete -c dealwatch -f -a '(__dealwatch_complete)'
