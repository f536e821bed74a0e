//! The screens of CodeDeploy.

use super::Interest;
use super::pace::{REST, SLOW};
use crate::app::query::Query;
use crate::app::row::RowId;
use crate::domain::codedeploy::{CodeDeployment, GroupId};

/// Applications around the cursor whose groups are read at least: about as many as are on screen.
const APPLICATIONS_AROUND: usize = 30;

impl Interest<'_> {
    /// The list, and the groups of the applications around the cursor: an account can have hundreds.
    pub(super) fn applications(&mut self) {
        self.ask(Query::Applications, REST);
        let list = &self.model.navigation.current().list;
        let page = usize::from(self.model.rows).max(APPLICATIONS_AROUND);
        let last = list.rows.len().saturating_sub(page);
        let first = list.position().saturating_sub(page / 2).min(last);
        let around = list.rows.iter().skip(first).take(page);
        let here = self.store.context.id;
        let names: Vec<String> = around
            .filter_map(|row| match row {
                RowId::Application(context, name) if *context == here => Some(name.clone()),
                _ => None,
            })
            .collect();
        for name in names {
            self.ask(Query::Groups(name), SLOW);
        }
    }

    pub(super) fn groups(&mut self, application: &str) {
        self.ask(Query::Groups(application.to_owned()), self.on_screen());
    }

    pub(super) fn group_deployments(&mut self, group: &GroupId) {
        self.ask(Query::GroupDeployments(group.clone()), self.on_screen());
    }

    /// One deployment with its events, and the service that it moves.
    pub(super) fn deployment(&mut self, id: &str) {
        let read = self.store.code_deployment(id);
        let moves = |deployment: &CodeDeployment| !deployment.status.is_over();
        let pace = if read.is_none_or(moves) {
            self.refresh()
        } else {
            self.on_screen()
        };
        let query = Query::CodeDeployments {
            ids: vec![id.to_owned()],
            targets: true,
        };
        self.ask(query, pace);
        let mut of = self.store.code_deployments_of.iter();
        let service = of.find(|(_, ids)| ids.iter().any(|known| known == id));
        if let Some((service, _)) = service {
            let service = service.clone();
            self.service(&service, self.on_screen());
        }
    }
}
