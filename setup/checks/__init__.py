"""What `setup/test` does once the environment is there: stages, databases, results."""
