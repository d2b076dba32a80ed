"""The pattern library as code: types, loading and layering, self-test."""
