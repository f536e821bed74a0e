//! The deployment configurations that come with CodeDeploy.

/// What a CodeDeploy application deploys to.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Platform {
    /// EC2 instances and servers on premises.
    Server,
    /// Lambda functions.
    Lambda,
    /// ECS services.
    Ecs,
}

impl Platform {
    /// The platform that a word of the service model names.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Server, Self::Lambda, Self::Ecs]
            .into_iter()
            .find(|one| one.word() == word)
    }

    /// The word of CodeDeploy.
    pub fn word(self) -> &'static str {
        match self {
            Self::Server => "Server",
            Self::Lambda => "Lambda",
            Self::Ecs => "ECS",
        }
    }
}

/// How a configuration moves traffic, or how many servers have to stay healthy.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Pace {
    /// All traffic at once.
    AllAtOnce,
    /// This percentage at first, and the rest after so many minutes.
    Canary(u32, u32),
    /// This percentage at first, and as much again each time so many minutes have passed.
    Linear(u32, u32),
    /// Servers that have to stay healthy: `HOST_COUNT` or `FLEET_PERCENT`, and the value.
    Hosts(&'static str, u32),
}

impl Pace {
    /// The percentages that green gets one after the other, up to 100.
    pub fn weights(self) -> Vec<u32> {
        match self {
            Self::AllAtOnce | Self::Hosts(..) => vec![100],
            Self::Canary(percent, _) => vec![percent, 100],
            Self::Linear(percent, _) => {
                let percent = percent.clamp(1, 100);
                (1..=100_u32.div_ceil(percent))
                    .map(|step| step.saturating_mul(percent).min(100))
                    .collect()
            }
        }
    }

    /// Minutes between two of them.
    pub fn interval_minutes(self) -> u32 {
        match self {
            Self::AllAtOnce | Self::Hosts(..) => 0,
            Self::Canary(_, minutes) | Self::Linear(_, minutes) => minutes,
        }
    }
}

/// A deployment configuration.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// `CodeDeployDefault.…`
    pub name: &'static str,
    /// What it is for.
    pub platform: Platform,
    /// What it does.
    pub pace: Pace,
}

const fn config(name: &'static str, platform: Platform, pace: Pace) -> Config {
    Config {
        name,
        platform,
        pace,
    }
}

/// Every predefined configuration, from "Working with deployment configurations in CodeDeploy" in
/// the user guide.
pub const CONFIGS: [Config; 17] = [
    config(
        "CodeDeployDefault.AllAtOnce",
        Platform::Server,
        Pace::Hosts("HOST_COUNT", 0),
    ),
    config(
        "CodeDeployDefault.ECSAllAtOnce",
        Platform::Ecs,
        Pace::AllAtOnce,
    ),
    config(
        "CodeDeployDefault.ECSCanary10Percent15Minutes",
        Platform::Ecs,
        Pace::Canary(10, 15),
    ),
    config(
        "CodeDeployDefault.ECSCanary10Percent5Minutes",
        Platform::Ecs,
        Pace::Canary(10, 5),
    ),
    config(
        "CodeDeployDefault.ECSLinear10PercentEvery1Minutes",
        Platform::Ecs,
        Pace::Linear(10, 1),
    ),
    config(
        "CodeDeployDefault.ECSLinear10PercentEvery3Minutes",
        Platform::Ecs,
        Pace::Linear(10, 3),
    ),
    config(
        "CodeDeployDefault.HalfAtATime",
        Platform::Server,
        Pace::Hosts("FLEET_PERCENT", 50),
    ),
    config(
        "CodeDeployDefault.LambdaAllAtOnce",
        Platform::Lambda,
        Pace::AllAtOnce,
    ),
    config(
        "CodeDeployDefault.LambdaCanary10Percent10Minutes",
        Platform::Lambda,
        Pace::Canary(10, 10),
    ),
    config(
        "CodeDeployDefault.LambdaCanary10Percent15Minutes",
        Platform::Lambda,
        Pace::Canary(10, 15),
    ),
    config(
        "CodeDeployDefault.LambdaCanary10Percent30Minutes",
        Platform::Lambda,
        Pace::Canary(10, 30),
    ),
    config(
        "CodeDeployDefault.LambdaCanary10Percent5Minutes",
        Platform::Lambda,
        Pace::Canary(10, 5),
    ),
    config(
        "CodeDeployDefault.LambdaLinear10PercentEvery10Minutes",
        Platform::Lambda,
        Pace::Linear(10, 10),
    ),
    config(
        "CodeDeployDefault.LambdaLinear10PercentEvery1Minute",
        Platform::Lambda,
        Pace::Linear(10, 1),
    ),
    config(
        "CodeDeployDefault.LambdaLinear10PercentEvery2Minutes",
        Platform::Lambda,
        Pace::Linear(10, 2),
    ),
    config(
        "CodeDeployDefault.LambdaLinear10PercentEvery3Minutes",
        Platform::Lambda,
        Pace::Linear(10, 3),
    ),
    config(
        "CodeDeployDefault.OneAtATime",
        Platform::Server,
        Pace::Hosts("HOST_COUNT", 1),
    ),
];

/// The configuration of this name.
pub fn find(name: &str) -> Option<&'static Config> {
    CONFIGS.iter().find(|one| one.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steps_end_at_100_percent() {
        assert_eq!(Pace::AllAtOnce.weights(), [100]);
        assert_eq!(Pace::Canary(10, 5).weights(), [10, 100]);
        assert_eq!(
            Pace::Linear(10, 1).weights(),
            [10, 20, 30, 40, 50, 60, 70, 80, 90, 100]
        );
        assert_eq!(Pace::Linear(30, 1).weights(), [30, 60, 90, 100]);
        assert_eq!(Pace::Linear(0, 1).weights().len(), 100);
    }

    #[test]
    fn the_names_say_what_they_do() {
        let config = find("CodeDeployDefault.ECSCanary10Percent15Minutes").unwrap();
        assert_eq!(config.pace.interval_minutes(), 15);
        assert_eq!(config.platform.word(), "ECS");
        assert_eq!(find("CodeDeployDefault.Nothing"), None);
        assert!(CONFIGS.is_sorted_by_key(|one| one.name));
    }
}
