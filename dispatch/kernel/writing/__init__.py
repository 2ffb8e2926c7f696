"""Tables out of the house: CSV, XLSX, Parquet and JSON, streamed from polars."""
