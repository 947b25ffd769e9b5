"""Who may do what: small rule functions, one table, deny by default."""
