"""A real PostgreSQL and a real Redis out of wheels, for one folder of the project, with nothing installed.

Used when DATABASE_URL and REDIS_URL are not set. Data lie in `var/`, sockets in a short private folder under /tmp.
One *keeper* process owns both servers; everybody who needs them holds a shared lock on `var/users`, and when nobody
holds it any more the keeper stops them and leaves. Nothing here reads Django's settings.
"""

from crm.embedded.instance import Instance, Urls, ensure, urls

__all__ = ["Instance", "Urls", "ensure", "urls"]
