"""The one place that reads the environment variables which the stack sets."""

import os
from typing import TypeVar

from lambdas.domain.settings.function_config import FunctionConfig

Config = TypeVar("Config", bound=FunctionConfig)


def load_config(config: type[Config]) -> Config:
    """The function's configuration, or the part of it that a module needs."""
    return config.from_environment(os.environ)


def function_name() -> str:
    """The name of the Lambda function that runs this code."""
    return os.environ["AWS_LAMBDA_FUNCTION_NAME"]
