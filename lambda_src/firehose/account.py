"""Whose data a message carries: the customer's account and the settings entered for it."""

from firehose.model import Integer, Model
from firehose.setting_values import SettingReaders, SettingValues


class Account(Model, SettingReaders):
    """A customer's configuration of this integration. The typed getters read `account_settings`."""

    account_id: Integer = 0
    """Id of the customer's subscription to this integration."""
    account_settings: SettingValues = {}
    """What the customer entered, by setting id; always text, always secret."""

    def _settings(self) -> SettingValues:
        return self.account_settings
