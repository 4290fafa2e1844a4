"""The whole system: one stack in each region that mParticle calls."""

import os
import sys

from aws_cdk import App, Environment, Validations

from plan.deployment import deployment_file, load
from plan.limits import limits_of
from plan.problems import DeploymentError
from plan.regions import regions
from plan.target import target_from
from stacks.endpoint_stack import EndpointStack
from stacks.policy import packs

try:
    file = deployment_file(os.environ)
    plan = regions(load(file), target_from(os.environ, file), limits_of(file))
except (DeploymentError, ValueError) as error:
    sys.exit(str(error))

app = App()
for region_plan in plan:
    # Not CDK_DEFAULT_ACCOUNT: it changes how a template names the bucket of the code, and with that
    # the id of the version, so that a synthesis without credentials would deploy another one.
    env = Environment(account=region_plan.account, region=region_plan.region)
    EndpointStack(app, region_plan.stack_name, plan=region_plan, env=env)
Validations.of(app).add_plugins(*packs(app))
app.synth()
