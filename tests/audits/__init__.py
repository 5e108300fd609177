"""Audits of real published decisions."""
