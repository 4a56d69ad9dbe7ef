"""What has been decided and sent, append only. base.py has the verbs; one module a backend."""
