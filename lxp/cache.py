"""The cache of what was worked out before, in Valkey."""

from typing import Any

from django.core.cache.backends import redis


class Client(redis.RedisCacheClient):
    """Django's, but that a client is made once for each pool of connections and not at each look:
    that took longer than the look itself."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._clients: dict[int, Any] = {}

    def get_client(self, key: str | None = None, *, write: bool = False) -> Any:
        index = self._get_connection_pool_index(write)
        if index not in self._clients:
            self._clients[index] = super().get_client(key, write=write)
        return self._clients[index]


class Cache(redis.RedisCache):
    """The backend with this client."""

    def __init__(self, server: str, params: dict):
        super().__init__(server, params)
        self._class = Client
