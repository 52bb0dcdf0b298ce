"""The harness of the benchmarks: kernels and peers, rounds, figures that must agree, ratios, results that can be kept."""
