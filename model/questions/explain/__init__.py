"""Why a member holds what it holds."""
