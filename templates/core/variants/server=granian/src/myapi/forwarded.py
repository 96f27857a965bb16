"""The application, for clients behind a proxy: their addresses and schemes are what the
proxies at FORWARDED_ALLOW_IPS say."""

import os

from granian.utils.proxies import wrap_asgi_with_proxy_headers

from myapi import main

app = wrap_asgi_with_proxy_headers(
    main.app, trusted_hosts=os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")
)
