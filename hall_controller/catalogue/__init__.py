"""The catalogue as files: CSV and workbook, and the sample district. The core reads none."""
