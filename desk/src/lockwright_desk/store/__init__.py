"""What the desk keeps: passwords, requests, certificates, revocation lists, in SQL."""
