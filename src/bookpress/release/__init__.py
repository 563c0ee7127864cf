"""What leaves the house: one folder of files with their hashes, the same bytes from the same sources.

`about` says what is released, `versions` reads the version that each edition states, `gather` collects the files,
`manifest` describes them.
"""
