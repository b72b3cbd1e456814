using Microsoft.AspNetCore.Antiforgery;

namespace Amnre.Scheduler.Markup;

/// <summary>Who reads a page; every component can ask for it.</summary>
/// <param name="Account">Name of the role that they signed in with; null for those without a session.</param>
/// <param name="IsOperator">Whether they may act on jobs and workers.</param>
/// <param name="Antiforgery">Tokens for a form of this answer. Asking for them sets a cookie, so it is done only where there is a
/// form.</param>
public sealed record Visitor(string? Account, bool IsOperator, Func<AntiforgeryTokenSet> Antiforgery);
