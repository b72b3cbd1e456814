namespace Amnre.Scheduler.Access;

/// <summary>What a user may do at the pages and the API; each role includes those before it.</summary>
public enum AccessRole
{
    /// <summary>Sign in, and ask whether the scheduler is well.</summary>
    None,

    /// <summary>Look at everything.</summary>
    Viewer,

    /// <summary>Also submit, cancel, pause and the like. A plan may name programs, so this is as much as to be the workers' user.</summary>
    Operator,
}
