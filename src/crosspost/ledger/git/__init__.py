"""The ledger on a branch of a git repository: it survives a runner that forgets everything."""
