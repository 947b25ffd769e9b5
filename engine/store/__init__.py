"""The only writer to the database: schema, one transaction per act, events applied and sealed."""
