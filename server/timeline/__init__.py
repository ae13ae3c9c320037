"""The customer timeline all channels share."""
