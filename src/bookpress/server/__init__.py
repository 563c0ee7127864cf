"""A build server: after the first `make book` a process stays for some minutes, so that the next one is quick.

It has Sphinx and Typst loaded, as Gradle's daemon and Bazel's server have what they build with. `make book` asks it
over a socket (:mod:`.client`), lends it the terminal, and returns its exit code. One that was loaded from other files
or in another environment ends, and a new one takes its place. Where there can be none, the book is built without:
slower, the same bytes.
"""
