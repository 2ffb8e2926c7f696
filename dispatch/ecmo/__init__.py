"""ECMO transfer: what a case scores, which criteria it meets, how long oxygen and batteries last.

Rules and their tables are decision support. Nothing here says "no": a physician decides. Every table needs sign-off by
a medical director.
"""
