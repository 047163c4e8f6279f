"""Enrolment: one-time passwords, and certificates for them over EST."""
