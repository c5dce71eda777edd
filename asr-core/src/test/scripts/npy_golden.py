"""Writes the golden files of NpyWriterTest with numpy.save.

Run from the module's folder:  python3 src/test/scripts/npy_golden.py
Made with numpy 1.24.2.
"""
import numpy

OUT = "src/test/resources/org/omniscribe/asr/feature/"

numpy.save(OUT + "three-by-two.npy", numpy.array([[0.5, -1.25], [1e-30, 3.1415927], [numpy.inf, -0.0]], dtype="<f4"))
numpy.save(OUT + "zero-by-eighty.npy", numpy.zeros((0, 80), dtype="<f4"))
