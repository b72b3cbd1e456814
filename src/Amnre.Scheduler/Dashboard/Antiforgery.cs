using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Amnre.Scheduler.Dashboard;

/// <summary>Forms carry what only a page of ours could have given them.</summary>
internal static class Antiforgery
{
    public static IServiceCollection AddForms(this IServiceCollection services)
    {
        // Keys live as long as the process: a form from before a restart is loaded again, and no key lies in a file.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        return services.AddAntiforgery(options =>
        {
            options.FormFieldName = "antiforgery";
            options.HeaderName = "X-Amnre-Antiforgery";
            options.SuppressXFrameOptionsHeader = true; // Every answer has it.
            options.Cookie.Name = "amnre-antiforgery";
            options.Cookie.HttpOnly = true;
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
    }

    /// <summary>The hidden field of a form.</summary>
    public static Html Field(HttpContext context)
    {
        var tokens = context.RequestServices.GetRequiredService<IAntiforgery>().GetAndStoreTokens(context);
        return Html.Of($"""<input type="hidden" name="{tokens.FormFieldName}" value="{tokens.RequestToken}">""");
    }
}
