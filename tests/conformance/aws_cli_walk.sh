#!/bin/sh
# Builds a world in the simulated AWS with the AWS CLI, releases in it, and reads it.
#
#     cutover sim --listen 127.0.0.1:4577 &
#     AWS_ENDPOINT_URL=http://127.0.0.1:4577 tests/conformance/aws_cli_walk.sh
#
# It moves the simulator's clock by hand, so it takes seconds, and fails when a command fails or
# answers something else than it should.
set -eu

export AWS_ENDPOINT_URL="${AWS_ENDPOINT_URL:-http://127.0.0.1:4577}"
export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_REGION=eu-west-1 AWS_DEFAULT_REGION=eu-west-1 AWS_PAGER=
export AWS_EC2_METADATA_DISABLED=true
name=cli-shop

advance() {
    curl --silent --show-error --fail --output /dev/null \
        --data "{\"seconds\": $1}" "$AWS_ENDPOINT_URL/_sim/advance"
}

# wants EXPECTED ACTUAL WHAT
wants() {
    if [ "$1" = "$2" ]; then
        echo "ok $3"
    else
        echo "FAILED $3: wanted '$1', got '$2'"
        exit 1
    fi
}

register() {
    aws ecs register-task-definition --family "$name" --output text \
        --query taskDefinition.taskDefinitionArn --container-definitions "[{
            \"name\": \"shop\", \"image\": \"$1\", \"memory\": 512, \"essential\": true,
            \"logConfiguration\": {\"logDriver\": \"awslogs\", \"options\": {
                \"awslogs-group\": \"/ecs/$name\", \"awslogs-region\": \"$AWS_REGION\",
                \"awslogs-stream-prefix\": \"shop\"}}}]"
}

status() {
    aws ecs list-service-deployments --cluster "$name" --service "$name" \
        --query 'serviceDeployments[0].status' --output text
}

wants 123456789012 "$(aws sts get-caller-identity --query Account --output text)" "who calls"
wants ACTIVE "$(aws ecs create-cluster --cluster-name "$name" --query cluster.status --output text)" "a cluster"
first=$(register example.com/shop:1.0)
aws ecs create-service --cluster "$name" --service-name "$name" --task-definition "$first" \
    --desired-count 2 --query service.status --output text
advance 300
aws ecs wait services-stable --cluster "$name" --services "$name"
wants SUCCESSFUL "$(status)" "the first deployment"

aws ecs update-service --cluster "$name" --service "$name" --task-definition "$(register example.com/shop:1.1)" \
    --query service.status --output text
advance 5
wants IN_PROGRESS "$(status)" "a release in flight"
advance 600
wants SUCCESSFUL "$(status)" "the release after a while"

task=$(aws ecs list-tasks --cluster "$name" --service-name "$name" --query 'taskArns[0]' --output text)
wants RUNNING "$(aws ecs describe-tasks --cluster "$name" --tasks "$task" --query 'tasks[0].lastStatus' --output text)" "a task"
lines=$(aws logs filter-log-events --log-group-name "/ecs/$name" --filter-pattern GET \
    --max-items 5 --query 'length(events)' --output json)
wants 5 "$lines" "its log"
aws ecs describe-services --cluster "$name" --services "$name" --query 'services[0].events[0].message' --output text

if aws ecs describe-services --cluster none --services "$name" 2>/dev/null; then
    echo "FAILED a cluster that isn't there was described"
    exit 1
fi
aws ecs delete-service --cluster "$name" --service "$name" --force --query service.status --output text
echo done
