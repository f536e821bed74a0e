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
# Live Tail has a host of its own, stream-… in front of the endpoint, which no loopback has.
export AWS_DISABLE_HOST_PREFIX_INJECTION=true
name=cli-shop

# steer PATH BODY
steer() {
    curl --silent --show-error --fail --output /dev/null --data "$2" "$AWS_ENDPOINT_URL/_sim/$1"
}

advance() {
    steer advance "{\"seconds\": $1}"
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

# Load balancers and alarms.
balancer=$(aws elbv2 create-load-balancer --name "$name" --subnets subnet-0a1 subnet-0a2 \
    --query 'LoadBalancers[0].LoadBalancerArn' --output text)
for colour in blue green; do
    aws elbv2 create-target-group --name "$name-$colour" --protocol HTTP --port 8080 --vpc-id vpc-0a1 \
        --target-type ip --query 'TargetGroups[0].TargetGroupName' --output text
done
group() {
    aws elbv2 describe-target-groups --names "$name-$1" --query 'TargetGroups[0].TargetGroupArn' --output text
}
blue=$(group blue) green=$(group green)
listener=$(aws elbv2 create-listener --load-balancer-arn "$balancer" --protocol HTTP --port 80 \
    --default-actions "Type=forward,TargetGroupArn=$blue" --query 'Listeners[0].ListenerArn' --output text)
weight() {
    aws elbv2 describe-listeners --listener-arns "$listener" --output text \
        --query "Listeners[0].DefaultActions[0].ForwardConfig.TargetGroups[?TargetGroupArn=='$1'].Weight | [0]"
}
wants 1 "$(weight "$blue")" "the weight of the only target group"
aws cloudwatch put-metric-alarm --alarm-name "$name" --metric-name Errors --namespace Shop --statistic Sum \
    --period 60 --evaluation-periods 1 --threshold 5 --comparison-operator GreaterThanThreshold
aws cloudwatch set-alarm-state --alarm-name "$name" --state-value OK --state-reason "by hand"
wants OK "$(aws cloudwatch describe-alarms --alarm-names "$name" --query 'MetricAlarms[0].StateValue' --output text)" "an alarm"

# A service that CodeDeploy deploys.
aws ecs create-service --cluster "$name" --service-name "$name-blue-green" --task-definition "$first" \
    --desired-count 2 --deployment-controller type=CODE_DEPLOY --query service.status --output text \
    --load-balancers "targetGroupArn=$blue,containerName=shop,containerPort=8080"
advance 120
wants healthy "$(aws elbv2 describe-target-health --target-group-arn "$blue" \
    --query 'TargetHealthDescriptions[0].TargetHealth.State' --output text)" "a target"
aws deploy create-application --application-name "$name" --compute-platform ECS --query applicationId --output text
aws deploy create-deployment-group --application-name "$name" --deployment-group-name "$name" \
    --service-role-arn arn:aws:iam::123456789012:role/codedeploy \
    --deployment-config-name CodeDeployDefault.ECSAllAtOnce \
    --deployment-style deploymentType=BLUE_GREEN,deploymentOption=WITH_TRAFFIC_CONTROL \
    --ecs-services "serviceName=$name-blue-green,clusterName=$name" \
    --load-balancer-info "{\"targetGroupPairInfoList\": [{
        \"targetGroups\": [{\"name\": \"$name-blue\"}, {\"name\": \"$name-green\"}],
        \"prodTrafficRoute\": {\"listenerArns\": [\"$listener\"]}}]}" \
    --blue-green-deployment-configuration '{
        "terminateBlueInstancesOnDeploymentSuccess": {"action": "TERMINATE", "terminationWaitTimeInMinutes": 5},
        "deploymentReadyOption": {"actionOnTimeout": "STOP_DEPLOYMENT", "waitTimeInMinutes": 10}}' \
    --query deploymentGroupId --output text

# deploy_revision: starts a deployment and prints its id.
deploy_revision() {
    definition=$(register "$1")
    spec="{\"version\": 0.0, \"Resources\": [{\"TargetService\": {\"Type\": \"AWS::ECS::Service\",
        \"Properties\": {\"TaskDefinition\": \"$definition\",
        \"LoadBalancerInfo\": {\"ContainerName\": \"shop\", \"ContainerPort\": 8080}}}}]}"
    content=$(printf '%s' "$spec" | tr -d '\n' | sed 's/"/\\"/g')
    aws deploy create-deployment --application-name "$name" --deployment-group-name "$name" \
        --revision "{\"revisionType\": \"AppSpecContent\", \"appSpecContent\": {\"content\": \"$content\"}}" \
        --query deploymentId --output text
}
deployed() {
    aws deploy get-deployment --deployment-id "$1" --query deploymentInfo.status --output text
}
id=$(deploy_revision example.com/shop:2.0)
advance 180
wants Ready "$(deployed "$id")" "a deployment that waits"
wants 1 "$(weight "$blue")" "the traffic while it waits"
aws deploy continue-deployment --deployment-id "$id" --deployment-wait-type READY_WAIT
advance 60
wants 1 "$(aws deploy list-deployment-targets --deployment-id "$id" --query 'length(targetIds)' --output text)" "its target"
aws deploy continue-deployment --deployment-id "$id" --deployment-wait-type TERMINATION_WAIT
advance 60
wants Succeeded "$(deployed "$id")" "a deployment that was continued"
aws deploy wait deployment-successful --deployment-id "$id"

id=$(deploy_revision example.com/shop:3.0)
advance 180
wants Ready "$(deployed "$id")" "another one"
aws deploy stop-deployment --deployment-id "$id" --auto-rollback-enabled --query status --output text
advance 60
wants Stopped "$(deployed "$id")" "a deployment that was stopped"
aws deploy list-deployments --application-name "$name" --deployment-group-name "$name" --query 'length(deployments)' --output text
aws deploy batch-get-deployments --deployment-ids "$id" --query 'deploymentsInfo[0].rollbackInfo' --output json
aws ecs delete-service --cluster "$name" --service "$name-blue-green" --force --query service.status --output text

# A pipeline that deploys the first service.
act() { # act NAME CATEGORY PROVIDER MORE: an action of a declaration
    printf '{"name": "%s", "actionTypeId": {"category": "%s", "owner": "AWS", "provider": "%s", "version": "1"}%s}' \
        "$1" "$2" "$3" "$4"
}
stage() { # stage NAME ACTION
    printf '{"name": "%s", "actions": [%s]}' "$1" "$2"
}
source=$(act Source Source CodeCommit ', "outputArtifacts": [{"name": "Source"}],
    "configuration": {"RepositoryName": "shop", "BranchName": "main"}')
build=$(act Build Build CodeBuild ', "inputArtifacts": [{"name": "Source"}], "outputArtifacts": [{"name": "Build"}],
    "configuration": {"ProjectName": "shop"}')
approve=$(act Approve Approval Manual ', "configuration": {"CustomData": "Deploy?"}')
deploy=$(act Deploy Deploy ECS ', "runOrder": 2, "inputArtifacts": [{"name": "Build"}],
    "configuration": {"ClusterName": "'"$name"'", "ServiceName": "'"$name"'"}')
aws codepipeline create-pipeline --query pipeline.version --output text --pipeline "{
    \"name\": \"$name\", \"roleArn\": \"arn:aws:iam::123456789012:role/pipeline\",
    \"artifactStore\": {\"type\": \"S3\", \"location\": \"artifacts\"},
    \"pipelineType\": \"V2\", \"executionMode\": \"QUEUED\",
    \"stages\": [$(stage Source "$source"), $(stage Build "$build"), $(stage Production "$approve, $deploy")]}"
action_state() { # action_state STAGE ACTION MEMBER
    aws codepipeline get-pipeline-state --name "$name" --output text \
        --query "stageStates[?stageName=='$1'].actionStates[] | [?actionName=='$2'].latestExecution.$3 | [0]"
}
execution() {
    aws codepipeline list-pipeline-executions --pipeline-name "$name" --output text \
        --query "pipelineExecutionSummaries[$1].$2"
}
advance 300
wants InProgress "$(action_state Production Approve status)" "an approval that waits"
wants CreatePipeline "$(execution 0 trigger.triggerType)" "what started the pipeline"
approved() { # approved STATUS: answers the approval
    aws codepipeline put-approval-result --pipeline-name "$name" --stage-name Production --action-name Approve \
        --result "summary=seen,status=$1" --token "$(action_state Production Approve token)" \
        --query approvedAt --output text
}
approved Approved
advance 30
wants InProgress "$(action_state Production Deploy status)" "a deploy under way"
wants IN_PROGRESS "$(status)" "its release"
advance 600
wants SUCCESSFUL "$(status)" "its release after a while"
wants Succeeded "$(execution 0 status)" "the execution"
first=$(execution 0 pipelineExecutionId)

aws codepipeline disable-stage-transition --pipeline-name "$name" --stage-name Production \
    --transition-type Inbound --reason "release freeze"
second=$(aws codepipeline start-pipeline-execution --name "$name" --query pipelineExecutionId --output text)
advance 300
wants "$second" "$(aws codepipeline get-pipeline-state --name "$name" --output text \
    --query 'stageStates[2].inboundExecutions[0].pipelineExecutionId')" "an execution that waits"
aws codepipeline enable-stage-transition --pipeline-name "$name" --stage-name Production --transition-type Inbound
approved Rejected
wants Failed "$(execution 0 status)" "a rejected execution"
aws codepipeline retry-stage-execution --pipeline-name "$name" --stage-name Production \
    --pipeline-execution-id "$second" --retry-mode FAILED_ACTIONS --query pipelineExecutionId --output text
wants InProgress "$(action_state Production Approve status)" "the approval again"
aws codepipeline stop-pipeline-execution --pipeline-name "$name" --pipeline-execution-id "$second" --abandon \
    --reason "wrong one" --query pipelineExecutionId --output text
wants Stopped "$(aws codepipeline get-pipeline-execution --pipeline-name "$name" --pipeline-execution-id "$second" \
    --query pipelineExecution.status --output text)" "a stopped execution"
aws codepipeline rollback-stage --pipeline-name "$name" --stage-name Production \
    --target-pipeline-execution-id "$first" --query pipelineExecutionId --output text
wants ROLLBACK "$(execution 0 executionType)" "a rollback"
approved Approved
advance 600
wants Succeeded "$(execution 0 status)" "the rollback"
wants 2 "$(aws codepipeline list-action-executions --pipeline-name "$name" --output text \
    --filter "pipelineExecutionId=$(execution 0 pipelineExecutionId)" --query 'length(actionExecutionDetails)')" "its actions"
aws codepipeline get-pipeline --name "$name" --query 'pipeline.stages[].name' --output text
aws codepipeline list-pipelines --query 'pipelines[].name' --output text
if aws codepipeline override-stage-condition --pipeline-name "$name" --stage-name Production \
    --pipeline-execution-id "$first" --condition-type BEFORE_ENTRY 2>/dev/null; then
    echo "FAILED a condition that isn't there was overridden"
    exit 1
fi

# Logs: what a live tail prints until its session ends, then a search and a read of the same lines.
group="/ecs/$name"
arn=$(aws logs describe-log-groups --log-group-name-prefix "$group" --query 'logGroups[0].logGroupArn' --output text)
steer faults '[{"operation": "logs.StartLiveTail", "kind": "session", "updates": 3, "end": "close", "times": 1}]'
printed=$(mktemp)
aws logs start-live-tail --log-group-identifiers "$arn" --log-event-filter-pattern numbered >"$printed" &
tail=$!
until curl --silent --show-error --fail "$AWS_ENDPOINT_URL/_sim/sessions" | grep -q "\"open\":\[{"; do
    kill -0 "$tail"
done
steer logs "{\"region\": \"$AWS_REGION\", \"group\": \"$group\", \"stream\": \"by-hand\",
    \"numbered\": {\"text\": \"numbered {seq}\", \"count\": 30, \"over\": 2}}"
advance 4
wait "$tail"
wants "$(seq -f 'numbered %g' 30)" "$(cat "$printed")" "what a live tail prints"
rm "$printed"
wants 30 "$(aws logs filter-log-events --log-group-name "$group" --log-stream-names by-hand --page-size 7 \
    --filter-pattern numbered --query 'events[].[message]' --output text | wc -l)" "a search"
wants "numbered 1" "$(aws logs get-log-events --log-group-name "$group" --log-stream-name by-hand --limit 4 \
    --start-from-head --query 'events[0].message' --output text)" "a read from the head"

if aws ecs describe-services --cluster none --services "$name" 2>/dev/null; then
    echo "FAILED a cluster that isn't there was described"
    exit 1
fi
aws ecs delete-service --cluster "$name" --service "$name" --force --query service.status --output text
echo done
