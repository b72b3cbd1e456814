namespace Amnre.Scheduler.Markup;

/// <summary>A page and what it shows.</summary>
internal sealed record Page(Type Component, object Model)
{
    public static Page Of<TPage, TModel>(TModel model) where TPage : PageOf<TModel> where TModel : notnull => new(typeof(TPage), model);
}
