"""A build server: after the first `make book` a process stays for some minutes, so that the next one is quick.

It has Sphinx and Typst loaded, as Gradle's daemon and Bazel's server have what they build with. `make book` asks it
over a socket (:mod:`.client`), lends it the terminal, and returns its exit code. Whenever there is no server, or it
was loaded from other files, in another environment, or for another folder, the book is built without it: slower, the
same bytes.
"""
