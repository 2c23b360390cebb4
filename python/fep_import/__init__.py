"""Turns the video classifiers of other libraries into model files of fep-native.

A model file is a TorchScript archive with a manifest: the clip that the network expects, the classes that it
tells apart, and what was checked. `python -m fep_import --help` says how to make one; `sources` has a module
for each library.
"""
