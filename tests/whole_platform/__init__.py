"""A package, so that its platform is stopped after its last test, before other folders' tests go on."""
