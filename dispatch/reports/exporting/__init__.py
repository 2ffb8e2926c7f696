"""Reports on their way out: tables of figures, records without who they are about, who took them."""
