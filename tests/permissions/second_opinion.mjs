// Asks iam-simulate what IAM would answer. Takes {roles, asked} as JSON on stdin, prints one verdict for each question.
import { readFileSync } from "node:fs";
import { runSimulation } from "@cloud-copilot/iam-simulate";

const { roles, asked } = JSON.parse(readFileSync(0, "utf8"));
const policy = (statements) => ({ Version: "2012-10-17", Statement: statements });
const trusts = Object.fromEntries(Object.values(roles).map((role) => [role.arn, role.trust]));

// The policy of the resource itself. A key leaves it to IAM, as every key of the stacks does.
function resourcePolicy(role, { action, resource }, account) {
  const service = action.split(":")[0];
  if (service === "sts") return trusts[resource];
  if (service === "kms") {
    const owner = { AWS: `arn:aws:iam::${account}:root` };
    return policy([{ Effect: "Allow", Principal: owner, Action: "kms:*", Resource: "*" }]);
  }
  return ["s3", "sns", "sqs"].includes(service) && role.denies.length ? policy(role.denies) : undefined;
}

const verdicts = [];
for (const question of asked) {
  const role = roles[question.role];
  const account = question.resource.split(":")[4] || role.account;
  const keys = Object.entries(question.keys).map(([key, value]) => [
    key,
    Array.isArray(value) ? value.map(String) : String(value),
  ]);
  const result = await runSimulation(
    {
      request: {
        principal: role.arn,
        action: question.action,
        resource: { resource: question.resource, accountId: account },
        contextVariables: {
          ...Object.fromEntries(keys),
          "aws:PrincipalArn": role.arn,
          "aws:SecureTransport": "true",
        },
      },
      identityPolicies: [{ name: "role", policy: policy(role.statements) }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: resourcePolicy(role, question, account),
    },
    {},
  );
  verdicts.push(result.resultType === "error" ? result.errors.message : result.overallResult);
}
console.log(JSON.stringify(verdicts));
