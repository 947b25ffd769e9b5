"""What several tests share: databases, clocks, builders."""
