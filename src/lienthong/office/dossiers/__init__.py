"""Dossiers (hồ sơ): the year's list, the dossiers themselves, and their way to the agency's archive."""
