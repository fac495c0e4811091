"""A function reads its configuration from the environment that Lambda gives it."""

from lambdas.domain.settings.function_config import CaseTableConfig
from lambdas.load_config import load_config


def test_it_is_what_the_environment_says_now(configure):
    configure(case_table="cases", retention_days=30)
    assert load_config(CaseTableConfig) == CaseTableConfig(case_table="cases", retention_days=30)
    configure(retention_days=400)
    assert load_config(CaseTableConfig).retention_days == 400
