"""What a browser calls itself, in words that its owner recognises."""

# The first that a browser's own description names; several name others for old reasons.
BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"))
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "Chromebook"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def describe(user_agent: str) -> str:
    """*Edge on Windows*, or *A browser* where nothing is recognised."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), "")
    if not browser and "Safari" in user_agent:
        browser = "Safari"
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    if not browser:
        return f"A browser on {system}" if system else "A browser"
    return f"{browser} on {system}" if system else browser
