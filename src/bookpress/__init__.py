"""The press: Sphinx extensions and the build that turn a MyST book into its editions. Knows no medicine."""
