"""What leaves the book for other programs: question files, slides, and one zip a chapter.

Every exporter reads the same resolved questions (`paper`), so that no two formats can disagree about a key.
"""
