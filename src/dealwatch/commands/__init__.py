"""The command line: parse, call, present, exit code. One module a command, imported when it runs; no logic here."""
