"""The national exchange axis (Trục liên thông văn bản quốc gia)."""
