"""How every command speaks: options, tables, progress, exit codes, Ctrl-C."""
